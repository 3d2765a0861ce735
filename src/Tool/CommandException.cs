namespace GopherFlow.Tool;

/// <summary>A command has failed. The message is shown to the user.</summary>
internal sealed class CommandException(string message) : Exception(message);
