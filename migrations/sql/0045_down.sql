DELETE FROM notices WHERE case_id IS NULL;
DROP INDEX notices_proposal_once;
ALTER TABLE notices DROP CONSTRAINT notices_of_one, DROP proposal_id, ALTER case_id SET NOT NULL;
DROP FUNCTION tell_of_proposal(integer, text, boolean, integer);
DROP TABLE grid_proposal_cells, grid_proposal_steps, grid_proposal_blocks, grid_proposals;
DROP FUNCTION proposal_signers(integer), proposal_touched(integer), sign_proposal();
DROP FUNCTION draws_grid();
