DROP TABLE kiosk_codes, api_tokens, sign_in_failures, sessions, account_identities, recovery_codes, password_history, accounts, security_policies;
