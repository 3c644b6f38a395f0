"""The sheets of a workbook, one room for each kind of block."""
