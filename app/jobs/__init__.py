"""Jobs 后台任务: what is done after the commit, at its time, by a worker beside the web server."""
