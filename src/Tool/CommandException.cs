namespace GopherFlow.Tool;

/// <summary>A command cannot be carried out; the message is for whoever gave it.</summary>
internal sealed class CommandException(string message) : Exception(message);
