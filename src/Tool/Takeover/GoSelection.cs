using GopherFlow.Client;

namespace GopherFlow.Tool.Takeover;

/// <summary>
/// Which workflows of the Go system are taken over: those that continue there, and those that have stopped in a state that waits for a person
/// here. The Go system calls these FINISHED, too.
/// </summary>
internal sealed class GoSelection
{
    private readonly bool withFailed;
    private readonly List<(string Name, string Value)> parameters = [];
    private readonly List<(string Type, List<string> States)> manual = [];

    /// <param name="definitions">What the server has.</param>
    /// <param name="withFailed">Whether those that have failed are meant, too.</param>
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

    /// <summary>The values that the condition names.</summary>
    public IReadOnlyList<(string Name, string Value)> Parameters => parameters;

    /// <summary>The condition on a row of the table of workflows.</summary>
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
