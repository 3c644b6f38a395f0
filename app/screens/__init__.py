"""What those begin with who look over others: 值班长 what they decide, 巡查员 what they draw, 领导 one page."""
