-- Elements come in as areas and cases do; what an import is of is the kind of the elements.
ALTER TABLE imports DROP CONSTRAINT imports_kind_check,
    ADD CONSTRAINT imports_kind_check CHECK (kind IN ('areas', 'cases', 'ground', 'place', 'object', 'organisation', 'person'));
