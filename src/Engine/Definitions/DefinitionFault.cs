namespace GopherFlow.Definitions;

/// <summary>A validation error of a definition.</summary>
/// <param name="Definition">The name of the definition.</param>
/// <param name="State">The name of the invalid state, or null if the error concerns the whole definition.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record DefinitionFault(string Definition, string? State, string Message)
{
    /// <summary>
    /// The name of the invalid reference: a target or compensation of the state, or the clean-up or failure state of the definition. Null
    /// if the error does not concern one reference.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>The error on one line, as shown in logs and error messages.</summary>
    public override string ToString() =>
        State is null ? $"{Definition}: {Message}" : $"{Definition}, state '{State}': {Message}";
}
