using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace GopherFlow.Definitions;

/// <summary>
/// The definitions that this process can run. The program registers its definitions at startup, possibly several versions of the same name.
/// The definitions of a source (scripts) are loaded and unloaded at run time. Thread-safe.
/// </summary>
public sealed class DefinitionRegistry
{
    private readonly FrozenDictionary<DefinitionKey, WorkflowDefinition> program;
    private readonly FrozenDictionary<string, WorkflowDefinition> newestOfProgram;
    private volatile View view;
    private IDefinitionSource? source;

    private DefinitionRegistry(IReadOnlyCollection<WorkflowDefinition> definitions)
    {
        OfProgram = definitions;
        program = definitions.ToFrozenDictionary(KeyOf);
        newestOfProgram = definitions
            .GroupBy(definition => definition.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(versions => versions.Key, versions => versions.Last(), StringComparer.Ordinal);
        SignalNames = definitions
            .SelectMany(definition => definition.States)
            .Select(state => state.Signal?.Name)
            .OfType<string>()
            .ToFrozenSet(StringComparer.Ordinal);
        view = ViewOf([], [], []);
    }

    /// <summary>The names of the signals that states of the program take as a typed payload.</summary>
    internal FrozenSet<string> SignalNames { get; }

    /// <summary>
    /// The definitions of the program, in the order in which they were registered: the newest version of a name comes last.
    /// </summary>
    public IReadOnlyCollection<WorkflowDefinition> OfProgram { get; }

    /// <summary>Raised after the definitions of the source have changed.</summary>
    public event Action? Changed;

    /// <summary>The newest version of each definition, on which new workflows start. Sorted by name.</summary>
    public IReadOnlyList<WorkflowDefinition> All => view.Newest;

    /// <summary>The names of all definitions, sorted.</summary>
    public IReadOnlyList<string> Names => view.Names;

    /// <summary>Every version that this process can run.</summary>
    public IReadOnlyList<DefinitionKey> Runnable => view.Runnable;

    /// <summary>Creates a registry from the definitions of the program, after validating all of them.</summary>
    /// <param name="definitions">The registered definitions. The newest version of a name comes last.</param>
    /// <param name="found">Errors that were found earlier, while the definitions were read.</param>
    /// <exception cref="InvalidDefinitionException">There are errors. The exception lists all of them.</exception>
    public static DefinitionRegistry Of(
        IReadOnlyCollection<WorkflowDefinition> definitions,
        IReadOnlyCollection<DefinitionFault>? found = null
    )
    {
        DefinitionFault[] faults =
        [
            .. found ?? [],
            .. definitions.SelectMany(DefinitionValidation.Validate),
            .. definitions.GroupBy(definition => definition.Name).SelectMany(OfVersions),
        ];
        return faults.Length == 0 ? new DefinitionRegistry(definitions) : throw new InvalidDefinitionException(faults);
    }

    /// <summary>Finds the newest version of a definition by its name. The match is case-sensitive.</summary>
    public bool TryFind(string name, [MaybeNullWhen(false)] out WorkflowDefinition definition) =>
        view.ByName.TryGetValue(name, out definition);

    /// <summary>Whether this process can run a version.</summary>
    public bool CanRun(DefinitionKey key) => view.Keys.Contains(key);

    /// <summary>Whether any version of a definition in this process has limits.</summary>
    internal bool HasLimits(string name) =>
        OfProgram
            .Concat(view.Newest)
            .Any(definition => definition.Name == name && definition.States.Any(state => state.Limit is not null));

    /// <summary>Why this process cannot run a known version, and what to do about it; null if it can.</summary>
    internal string? WhyNot(DefinitionKey key)
    {
        var now = view;
        if (now.Keys.Contains(key))
        {
            return null;
        }

        if (now.Disabled.Contains(key.Name))
        {
            return $"the script {key.Name} is disabled; enable it first";
        }

        if (IsOfProgram(key.Name))
        {
            var registered = OfProgram.Where(definition => definition.Name == key.Name).Select(known => known.Version);
            return $"its program registers {key.Name} only as version {string.Join(", ", registered)}; register version "
                + $"{key.Version} beside that, or use a server that has it";
        }

        return now.ByName.TryGetValue(key.Name, out var newest)
            ? $"version {key.Version} of the script {key.Name} is known but not loaded, because new workflows start on version "
                + $"{newest.Version} and none is unfinished on {key.Version}; roll the script back to {key.Version} first"
            : $"{key.Name} is neither in its program nor a loaded script; if a script could not be loaded, its log shows why; use a "
                + "server that runs it";
    }

    /// <summary>The types that the states of a version of the program accept as the payload of a signal.</summary>
    internal IEnumerable<DataContract> PayloadsOf(DefinitionKey key, string signal) =>
        program.TryGetValue(key, out var definition)
            ? definition
                .States.Where(state => state.Signal?.Name == signal)
                .Select(state => state.Signal!.Payload)
                .OfType<DataContract>()
            : [];

    /// <summary>
    /// Whether an operator has disabled a definition. Its workflows are neither started nor run until it is enabled again.
    /// </summary>
    public bool IsDisabled(string name) => view.Disabled.Contains(name);

    /// <summary>Whether a name belongs to the program. A source cannot use such a name.</summary>
    public bool IsOfProgram(string name) => newestOfProgram.ContainsKey(name);

    /// <summary>Returns a version that is ready to run, after loading it if necessary.</summary>
    /// <exception cref="DefinitionUnavailableException">This process has no such version, or cannot load it.</exception>
    internal ValueTask<DefinitionUse> OpenAsync(DefinitionKey key, CancellationToken cancellation)
    {
        if (program.TryGetValue(key, out var definition))
        {
            return new(new DefinitionUse(definition));
        }

        return source is { } loader && view.Keys.Contains(key)
            ? loader.OpenAsync(key, cancellation)
            : throw new DefinitionUnavailableException($"This process has no definition {key}.");
    }

    /// <summary>Replaces the definitions of the source.</summary>
    /// <param name="from">The source. A process has only one.</param>
    /// <param name="newest">The newest version of each of its definitions.</param>
    /// <param name="older">The other versions that it can load.</param>
    /// <param name="disabled">The names of disabled definitions.</param>
    /// <exception cref="InvalidOperationException">A name belongs to the program.</exception>
    internal void Replace(
        IDefinitionSource from,
        IReadOnlyCollection<WorkflowDefinition> newest,
        IReadOnlyCollection<DefinitionKey> older,
        IReadOnlyCollection<string> disabled
    )
    {
        if (newest.Select(definition => definition.Name).FirstOrDefault(IsOfProgram) is { } taken)
        {
            throw new InvalidOperationException($"The definition '{taken}' belongs to the program.");
        }

        source = from;
        view = ViewOf(newest, older, disabled);
        Changed?.Invoke();
    }

    /// <summary>
    /// Two definitions with the same name are versions only if both versions were set by hand. Otherwise it is a mistake.
    /// </summary>
    private static IEnumerable<DefinitionFault> OfVersions(IGrouping<string, WorkflowDefinition> same)
    {
        if (same.Count() > 1 && !same.All(definition => definition.VersionIsByHand))
        {
            yield return new DefinitionFault(
                same.Key,
                null,
                $"is registered {same.Count()} times; once is enough. To run versions side by side, set the version of each by hand"
            );
            yield break;
        }

        foreach (var twice in same.GroupBy(definition => definition.Version).Where(version => version.Count() > 1))
        {
            yield return new DefinitionFault(
                same.Key,
                null,
                $"is registered {twice.Count()} times as version {twice.Key}; give each a different version"
            );
        }
    }

    private View ViewOf(
        IReadOnlyCollection<WorkflowDefinition> newest,
        IReadOnlyCollection<DefinitionKey> older,
        IReadOnlyCollection<string> disabled
    ) =>
        new(
            [.. newestOfProgram.Values.Concat(newest).OrderBy(definition => definition.Name, StringComparer.Ordinal)],
            [.. program.Keys.Concat(newest.Select(KeyOf)).Concat(older).Distinct()],
            disabled
        );

    private static DefinitionKey KeyOf(WorkflowDefinition definition) => new(definition.Name, definition.Version);

    /// <summary>An immutable snapshot of the definitions.</summary>
    private sealed class View(
        IReadOnlyList<WorkflowDefinition> newest,
        IReadOnlyList<DefinitionKey> runnable,
        IReadOnlyCollection<string> disabled
    )
    {
        public IReadOnlyList<WorkflowDefinition> Newest { get; } = newest;

        public IReadOnlyList<string> Names { get; } = [.. newest.Select(definition => definition.Name)];

        public FrozenDictionary<string, WorkflowDefinition> ByName { get; } =
            newest.ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);

        public IReadOnlyList<DefinitionKey> Runnable { get; } = runnable;

        public FrozenSet<DefinitionKey> Keys { get; } = runnable.ToFrozenSet();

        public FrozenSet<string> Disabled { get; } = disabled.ToFrozenSet(StringComparer.Ordinal);
    }
}
