using GopherFlow.Client;

namespace GopherFlow.Tool.Takeover;

/// <summary>
/// Selects the workflows of the Go system to take over: unfinished ones, and those that have stopped in a state that waits for a person
/// in GopherFlow. The status of the latter in the Go system is also FINISHED.
/// </summary>
internal sealed class GoSelection
{
    private readonly bool withFailed;
    private readonly List<(string Name, string Value)> parameters = [];
    private readonly List<(string Type, List<string> States)> manual = [];

    /// <param name="definitions">The definitions of the server.</param>
    /// <param name="withFailed">Whether failed workflows are selected too.</param>
    public GoSelection(IEnumerable<Definition> definitions, bool withFailed)
    {
        this.withFailed = withFailed;
        foreach (var definition in definitions)
        {
            var states = definition
                .States.Where(state => state.Type.Equals("Manual", StringComparison.OrdinalIgnoreCase))
                .Select(state => Parameter(state.Name))
                .ToList();
            if (states.Count > 0)
            {
                manual.Add((Parameter(definition.Name), states));
            }
        }
    }

    /// <summary>The parameters of the condition.</summary>
    public IReadOnlyList<(string Name, string Value)> Parameters => parameters;

    /// <summary>The SQL condition on a row of the workflow table.</summary>
    public string Condition(string alias)
    {
        var ended = withFailed ? "'FINISHED'" : "'FINISHED', 'FAILED', 'ERROR'";
        var goesOn = $"coalesce({alias}.status, '') NOT IN ({ended})";
        var waits = manual.Select(type =>
            $" OR ({alias}.status = 'FINISHED' AND {alias}.workflow_type = {type.Type} AND {alias}.state IN ({string.Join(", ", type.States)}))"
        );
        return goesOn + string.Concat(waits);
    }

    private string Parameter(string value)
    {
        var name = $"@p{parameters.Count}";
        parameters.Add((name, value));
        return name;
    }
}
