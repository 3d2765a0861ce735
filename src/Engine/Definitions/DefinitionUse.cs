namespace GopherFlow.Definitions;

/// <summary>
/// A definition in use. A definition that can be unloaded is kept until the last of its uses is disposed of.
/// </summary>
/// <param name="definition">The definition.</param>
/// <param name="release">Called once, when the use ends; null for a definition that stays with the process.</param>
internal readonly struct DefinitionUse(WorkflowDefinition definition, Action? release = null) : IDisposable
{
    /// <summary>The definition.</summary>
    public WorkflowDefinition Definition { get; } = definition;

    /// <summary>Ends the use.</summary>
    public void Dispose() => release?.Invoke();
}

/// <summary>Definitions that come and go while the process runs, such as those of scripts.</summary>
internal interface IDefinitionSource
{
    /// <summary>Loads a version, unless it is loaded, and keeps it until the use is disposed of.</summary>
    /// <exception cref="DefinitionUnavailableException">It cannot be loaded here; the message says why and what to do.</exception>
    ValueTask<DefinitionUse> OpenAsync(DefinitionKey key, CancellationToken cancellation);
}

/// <summary>A version of a definition cannot be run by this process, for the reason that the message gives.</summary>
internal sealed class DefinitionUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);
