namespace GopherFlow.Bench;

/// <summary>A measurement is not possible. The message is shown to the user.</summary>
internal sealed class BenchException(string message) : Exception(message);
