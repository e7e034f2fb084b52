"""nbgrader on this folder: solutions/ is what instructors write, exercises/ what learners get."""

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "dlcourse"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# importing TensorFlow takes a slow machine a while, and a task may train a small network
c.ExecutePreprocessor.timeout = 120
c.ExecutePreprocessor.startup_timeout = 120
