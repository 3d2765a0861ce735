using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>Scripts in memory. The current version of a script is that of the newest definition with its name.</summary>
internal sealed class InMemoryScripts(InMemoryTables tables, Lock gate) : IScriptStore
{
    private readonly SortedDictionary<string, ScriptRecord> scripts = new(StringComparer.Ordinal);
    private readonly List<ScriptVersionRecord> versions = [];
    private long revision;

    public Task<long> RevisionAsync(CancellationToken cancellation) => gate.Locked(() => revision);

    public Task<IReadOnlyList<ScriptRecord>> ScriptsAsync(CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<ScriptRecord>>(() => [.. scripts.Values.Select(Stored)]);

    public Task<ScriptRecord?> FindScriptAsync(string name, CancellationToken cancellation) =>
        gate.Locked(() => scripts.TryGetValue(name, out var script) ? Stored(script) : null);

    public Task<IReadOnlyList<ScriptVersionOutline>> ScriptVersionsAsync(string name, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<ScriptVersionOutline>>(() =>
            [
                .. versions
                    .Where(version => version.Name == name)
                    .Reverse()
                    .Select(version => new ScriptVersionOutline(
                        version.Version,
                        version.Origin,
                        version.Author,
                        version.Created
                    )),
            ]
        );

    public Task<ScriptVersionRecord?> FindScriptVersionAsync(
        string name,
        string version,
        CancellationToken cancellation
    ) => gate.Locked(() => Find(name, version));

    public Task DeployScriptAsync(
        ScriptVersionRecord version,
        DefinitionRecord definition,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
        {
            if (Find(version.Name, version.Version) is null)
            {
                versions.Add(version);
            }

            tables.Save(definition, version.Created);
            var enabled = !scripts.TryGetValue(version.Name, out var script) || script.Enabled;
            return Change(new ScriptRecord(version.Name, null, enabled, null, version.Created));
        });

    public Task<bool> ActivateScriptAsync(
        string name,
        string version,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
        {
            if (Find(name, version) is null)
            {
                return false;
            }

            tables.Save(tables.Definitions[(name, version)], now);
            return Change(scripts[name] with { Diagnostics = null, Updated = now.AsStored() });
        });

    public Task<bool> EnableScriptAsync(
        string name,
        bool enabled,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
            scripts.TryGetValue(name, out var script)
            && Change(script with { Enabled = enabled, Updated = now.AsStored() })
        );

    public Task SaveScriptDiagnosticsAsync(
        string name,
        ScriptDiagnostics diagnostics,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
        {
            var script =
                scripts.GetValueOrDefault(name)
                ?? new ScriptRecord(name, CurrentVersion: null, Enabled: true, Diagnostics: null, diagnostics.At);
            return Change(script with { Diagnostics = diagnostics, Updated = diagnostics.At });
        });

    /// <summary>Deletes the versions that nothing uses, except the newest ones. The caller holds the lock.</summary>
    public int DeleteOldVersions(int kept)
    {
        var old = versions
            .GroupBy(version => version.Name)
            .SelectMany(all =>
                all.SkipLast(kept)
                    .Where(version =>
                        version.Version != Stored(scripts[all.Key]).CurrentVersion
                        && !IsUsed(version.Name, version.Version, status => !status.IsFinal())
                    )
            )
            .ToHashSet();
        revision += old.Count > 0 ? 1 : 0;
        return versions.RemoveAll(old.Contains);
    }

    /// <summary>
    /// Deletes the definitions whose script version is gone and that no workflow has, except the newest ones. The caller holds the lock.
    /// </summary>
    public int DeleteOldDefinitions()
    {
        var old = tables
            .Definitions.Values.Where(definition =>
                scripts.ContainsKey(definition.Name)
                && Find(definition.Name, definition.Version) is null
                && tables.Definitions.Values.Any(newer =>
                    newer.Name == definition.Name && newer.Updated > definition.Updated
                )
                && !IsUsed(definition.Name, definition.Version, _ => true)
            )
            .ToList();
        return old.Count(definition => tables.Definitions.Remove((definition.Name, definition.Version)));
    }

    private bool IsUsed(string name, string version, Predicate<WorkflowStatus> having) =>
        tables.Workflows.Values.Any(row => row.WorkflowType == name && row.Version == version && having(row.Status));

    private ScriptVersionRecord? Find(string name, string version) =>
        versions.Find(stored => stored.Name == name && stored.Version == version);

    private ScriptRecord Stored(ScriptRecord script) =>
        script with
        {
            CurrentVersion = tables
                .Definitions.Values.Where(definition => Find(script.Name, definition.Version) is not null)
                .Where(definition => definition.Name == script.Name)
                .MaxBy(definition => definition.Updated)
                ?.Version,
        };

    private bool Change(ScriptRecord script)
    {
        scripts[script.Name] = script;
        revision++;
        return true;
    }
}
