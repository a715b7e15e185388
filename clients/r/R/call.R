# Finds the program, calls it, and turns what it complains of into conditions.

# The program's path: the variable STPMAP, else stpmap on the path.
stpmap_program <- function() {
  wanted <- Sys.getenv("STPMAP", "stpmap")
  found <- Sys.which(wanted)[[1]]
  if (!nzchar(found)) {
    refuse("stpmap_not_installed", paste0(
      "the program ", wanted, " was not found: install stpmap (see docs/install.md of the project), ",
      "or set the variable STPMAP to its path"))
  }
  found
}

# What `stpmap COMMAND --help-json` says. Asked once for each program and command.
stpmap_flags <- function(command) {
  program <- stpmap_program()
  key <- paste(program, file.mtime(program), command)
  if (is.null(known[[key]])) {
    said <- launch(program, c(command, "--help-json"))
    if (said$status != 0) refuse("stpmap_usage_error", paste(said$stderr, collapse = "\n"), said$status)
    known[[key]] <- jsonlite::fromJSON(paste(said$stdout, collapse = "\n"), simplifyVector = FALSE)
  }
  known[[key]]
}

known <- new.env(parent = emptyenv())

# Runs a program; both its streams come back as lines.
launch <- function(program, arguments) {
  out <- tempfile("stpmap-out-")
  err <- tempfile("stpmap-err-")
  on.exit(unlink(c(out, err)))
  quoted <- shQuote(arguments, if (.Platform$OS.type == "windows") "cmd" else "sh")
  status <- suppressWarnings(system2(program, quoted, stdout = out, stderr = err, stdin = nullfile()))
  lines <- function(file) readLines(file, warn = FALSE, encoding = "UTF-8")
  list(status = status, stdout = lines(out), stderr = lines(err))
}

# Runs a command. names says which argument each temporary file stands for.
call_program <- function(arguments, names = character()) {
  said <- launch(stpmap_program(), c(arguments, "--log-format", "json"))
  records <- lapply(said$stderr, function(line) {
    record <- tryCatch(jsonlite::fromJSON(line, simplifyVector = FALSE), error = function(e) NULL)
    if (is.list(record) && !is.null(record$msg)) record else list(msg = line)
  })
  if (said$status != 0) complain(said$status, records, names)
  list(text = paste(said$stdout, collapse = "\n"), notes = vapply(records, function(r) r$msg, ""))
}

# Stops with a condition of a class for the exit status. It has the faults, and the
# file, line and column of the first.
complain <- function(status, records, names) {
  errors <- Filter(function(r) identical(r$level, "ERROR"), records)
  if (!length(errors)) errors <- utils::tail(records, 1)
  faults <- lapply(errors, function(r) {
    argument <- if (is.null(r$file)) NA_character_ else unname(names[r$file])
    data.frame(
      message = first(r$message, r$msg), file = first(if (is.na(argument)) r$file else argument, NA_character_),
      line = first(r$line, NA_integer_), column = first(r$column, NA_integer_), argument = argument,
      row = if (is.na(argument) || is.null(r$line)) NA_integer_ else r$line - 1L, stringsAsFactors = FALSE)
  })
  faults <- do.call(rbind, faults)
  message <- paste(vapply(errors, function(r) r$msg, ""), collapse = "\n")
  for (path in names(names)) message <- gsub(path, names[[path]], message, fixed = TRUE)
  class <- switch(as.character(status), "2" = "stpmap_usage_error", "3" = "stpmap_input_error",
    "130" = "stpmap_interrupted", "stpmap_failed")
  refuse(class, message, status, faults)
}

refuse <- function(class, message, status = NA_integer_, faults = NULL) {
  condition <- structure(
    class = c(class, "stpmap_error", "error", "condition"),
    list(message = message, call = NULL, status = status, faults = faults, file = faults$file[1], line = faults$line[1],
      column = faults$column[1], argument = faults$argument[1], row = faults$row[1]))
  stop(condition)
}

first <- function(x, otherwise) if (is.null(x)) otherwise else x
