namespace GopherFlow.Bench;

/// <summary>Why a measurement cannot be made, told to whoever asked for it.</summary>
internal sealed class BenchException(string message) : Exception(message);
