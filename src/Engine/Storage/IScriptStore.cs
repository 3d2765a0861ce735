using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// Workflow scripts: the source of every version, which one is current, and what was wrong with the last one that was refused. Kept in
/// the same database as the workflows, so that every executor runs the same.
/// </summary>
public interface IScriptStore
{
    /// <summary>Rises with every change of any script: an unchanged number means that nothing is new. 0 when there was none yet.</summary>
    Task<long> RevisionAsync(CancellationToken cancellation);

    /// <summary>All scripts, sorted by name.</summary>
    Task<IReadOnlyList<ScriptRecord>> ScriptsAsync(CancellationToken cancellation);

    /// <summary>One script, or null.</summary>
    Task<ScriptRecord?> FindScriptAsync(string name, CancellationToken cancellation);

    /// <summary>The versions of a script without their sources, the newest first.</summary>
    Task<IReadOnlyList<ScriptVersionOutline>> ScriptVersionsAsync(string name, CancellationToken cancellation);

    /// <summary>One version with its source, or null.</summary>
    Task<ScriptVersionRecord?> FindScriptVersionAsync(string name, string version, CancellationToken cancellation);

    /// <summary>
    /// Stores a version, if it is new, and its definition, and makes them the current ones: the newest definition of the name is the
    /// current version of its script. The diagnostics of a version refused earlier go. A script that is new is enabled. A version that is
    /// stored already keeps its source, origin, author and instant.
    /// </summary>
    Task DeployScriptAsync(ScriptVersionRecord version, DefinitionRecord definition, CancellationToken cancellation);

    /// <summary>Makes a stored version, and with it its definition, the current one, and takes the diagnostics away.</summary>
    /// <returns>False when there is no such version; nothing is changed then.</returns>
    Task<bool> ActivateScriptAsync(string name, string version, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Enables or disables a script.</summary>
    /// <returns>False when there is no such script.</returns>
    Task<bool> EnableScriptAsync(string name, bool enabled, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Keeps what was wrong with a source that was refused; the current version stays. A script of which nothing was ever deployed is
    /// entered with no current version.
    /// </summary>
    Task SaveScriptDiagnosticsAsync(string name, ScriptDiagnostics diagnostics, CancellationToken cancellation);
}

/// <summary>A script as it is stored.</summary>
/// <param name="Name">Its name, which is the name of its workflow.</param>
/// <param name="CurrentVersion">The version on which new workflows start; null while none was ever deployed.</param>
/// <param name="Enabled">Whether its workflows are started and run.</param>
/// <param name="Diagnostics">What was wrong with the last source that was refused, or null when the last one was taken.</param>
/// <param name="Updated">When it last changed.</param>
public sealed record ScriptRecord(
    string Name,
    string? CurrentVersion,
    bool Enabled,
    ScriptDiagnostics? Diagnostics,
    DateTimeOffset Updated
);

/// <summary>What was wrong with a source that was refused.</summary>
/// <param name="Version">The version that it would have been.</param>
/// <param name="Json">The diagnostics, as the text of a JSON array.</param>
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
/// <param name="Loaded">The texts of the files that it loads, as the text of a JSON object from name to text.</param>
/// <param name="Origin">Where it came from: folder or api.</param>
/// <param name="Author">Who deployed it.</param>
/// <param name="Created">When it was deployed first.</param>
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
    /// <summary>When it was deployed first.</summary>
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
/// <param name="Created">When it was deployed first.</param>
public sealed record ScriptVersionOutline(string Version, string Origin, string Author, DateTimeOffset Created);
