"""附件: pictures and films that people attach, made safe, kept by their content and handed out."""
