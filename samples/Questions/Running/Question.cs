namespace GopherFlow.Questions.Running;

/// <summary>A question and the program that answers it.</summary>
/// <param name="Name">What the program is called on the command line; its file is called the same.</param>
/// <param name="Text">The question.</param>
/// <param name="RunAsync">Runs it, says what happened, and throws when that is not the answer.</param>
public sealed record Question(string Name, string Text, Func<TextWriter, Task> RunAsync);
