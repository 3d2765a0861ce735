namespace GopherFlow.Tool;

/// <summary>A command cannot be carried out; the message says why to the person who gave it.</summary>
internal sealed class CommandException(string message) : Exception(message);
