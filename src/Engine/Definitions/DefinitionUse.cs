namespace GopherFlow.Definitions;

/// <summary>
/// A definition in use. A definition that can be unloaded stays loaded until its last use has been disposed.
/// </summary>
/// <param name="definition">The definition.</param>
/// <param name="release">Called when the use is disposed; null for a definition that is never unloaded.</param>
internal readonly struct DefinitionUse(WorkflowDefinition definition, Action? release = null) : IDisposable
{
    /// <summary>The definition.</summary>
    public WorkflowDefinition Definition { get; } = definition;

    /// <summary>Ends the use.</summary>
    public void Dispose() => release?.Invoke();
}

/// <summary>Definitions that are loaded and unloaded while the process runs, such as those of scripts.</summary>
internal interface IDefinitionSource
{
    /// <summary>Loads a version if it is not loaded, and keeps it loaded until the use has been disposed.</summary>
    /// <exception cref="DefinitionUnavailableException">This process cannot load it. The message explains why and what to do.</exception>
    ValueTask<DefinitionUse> OpenAsync(DefinitionKey key, CancellationToken cancellation);
}

/// <summary>This process cannot run a version of a definition. The message explains why.</summary>
internal sealed class DefinitionUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);
