using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// Workflow scripts: the source of every version, the current version, and the diagnostics of the last source that was refused. Stored in
/// the same database as the workflows, so that every executor runs the same scripts.
/// </summary>
public interface IScriptStore
{
    /// <summary>
    /// Increases with every change of any script: while the number is unchanged, nothing is new. 0 if nothing was changed yet.
    /// </summary>
    Task<long> RevisionAsync(CancellationToken cancellation);

    /// <summary>All scripts, sorted by name.</summary>
    Task<IReadOnlyList<ScriptRecord>> ScriptsAsync(CancellationToken cancellation);

    /// <summary>One script, or null.</summary>
    Task<ScriptRecord?> FindScriptAsync(string name, CancellationToken cancellation);

    /// <summary>The versions of a script without their sources, newest first.</summary>
    Task<IReadOnlyList<ScriptVersionOutline>> ScriptVersionsAsync(string name, CancellationToken cancellation);

    /// <summary>One version with its source, or null.</summary>
    Task<ScriptVersionRecord?> FindScriptVersionAsync(string name, string version, CancellationToken cancellation);

    /// <summary>
    /// Stores a version, if it is new, and its definition, and makes them current: the newest definition of a name is the current version
    /// of its script. Diagnostics of a version that was refused earlier are deleted. A new script is enabled. A version that is already
    /// stored keeps its source, origin, author and time of creation.
    /// </summary>
    Task DeployScriptAsync(ScriptVersionRecord version, DefinitionRecord definition, CancellationToken cancellation);

    /// <summary>Makes a stored version and its definition current, and deletes the diagnostics.</summary>
    /// <returns>False if there is no such version; nothing is changed then.</returns>
    Task<bool> ActivateScriptAsync(string name, string version, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Enables or disables a script.</summary>
    /// <returns>False if there is no such script.</returns>
    Task<bool> EnableScriptAsync(string name, bool enabled, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Stores the diagnostics of a source that was refused. The current version stays. A script that was never deployed is added without a
    /// current version.
    /// </summary>
    Task SaveScriptDiagnosticsAsync(string name, ScriptDiagnostics diagnostics, CancellationToken cancellation);
}

/// <summary>A script as it is stored.</summary>
/// <param name="Name">Its name, which is the name of its workflow.</param>
/// <param name="CurrentVersion">The version on which new workflows start; null if none was ever deployed.</param>
/// <param name="Enabled">Whether its workflows are started and run.</param>
/// <param name="Diagnostics">The diagnostics of the last source that was refused, or null if the last source was accepted.</param>
/// <param name="Updated">When it last changed.</param>
public sealed record ScriptRecord(
    string Name,
    string? CurrentVersion,
    bool Enabled,
    ScriptDiagnostics? Diagnostics,
    DateTimeOffset Updated
);

/// <summary>The diagnostics of a source that was refused.</summary>
/// <param name="Version">The version that it would have had.</param>
/// <param name="Json">The diagnostics, as a JSON array.</param>
/// <param name="At">When it was refused.</param>
public sealed record ScriptDiagnostics(string Version, string Json, DateTimeOffset At)
{
    /// <summary>When it was refused.</summary>
    public DateTimeOffset At
    {
        get;
        init => field = value.AsStored();
    } = At.AsStored();
}

/// <summary>A version of a script.</summary>
/// <param name="Name">The script.</param>
/// <param name="Version">The version: a hash of its sources.</param>
/// <param name="Source">The text of the script.</param>
/// <param name="Loaded">The files that it loads, as a JSON object from name to text.</param>
/// <param name="Origin">Where it came from: folder or api.</param>
/// <param name="Author">Who deployed it.</param>
/// <param name="Created">When it was first deployed.</param>
public sealed record ScriptVersionRecord(
    string Name,
    string Version,
    string Source,
    string Loaded,
    string Origin,
    string Author,
    DateTimeOffset Created
)
{
    /// <summary>When it was first deployed.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();
}

/// <summary>A version of a script without its source.</summary>
/// <param name="Version">The version.</param>
/// <param name="Origin">Where it came from: folder or api.</param>
/// <param name="Author">Who deployed it.</param>
/// <param name="Created">When it was first deployed.</param>
public sealed record ScriptVersionOutline(string Version, string Origin, string Author, DateTimeOffset Created);
