namespace GopherFlow.Questions.Running;

/// <summary>A question and the program that answers it.</summary>
/// <param name="Name">The name of the program on the command line, which is also the name of its file.</param>
/// <param name="Text">The question.</param>
/// <param name="RunAsync">Runs the program and prints what happened. Throws when the outcome is not the expected one.</param>
public sealed record Question(string Name, string Text, Func<TextWriter, Task> RunAsync);
