"""The security boundary: the code of the grader that a submission's process can read and import.

A submission can see this folder, `dlseq.course.given`, `dlseq.data`, `dlseq.kernels` and four modules at the top of the
package, as `dlseq.grading.sandbox.bubblewrap.VISIBLE_FILES` lists them. Nothing here may import anything else of the
package, and nothing here may hold a test, an expected value, a seed, a score or a solution of an exercise. A submission
can change all of this code inside its own process: replies from a worker are untrusted.
"""
