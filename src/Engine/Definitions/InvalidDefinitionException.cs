namespace GopherFlow.Definitions;

/// <summary>Definitions are invalid. Stops the host at startup, and lists every error of every definition.</summary>
public sealed class InvalidDefinitionException : Settings.SetupException
{
    /// <summary>Creates the exception from validation errors.</summary>
    public InvalidDefinitionException(IReadOnlyList<DefinitionFault> faults)
        : base("workflow definitions", [.. faults.Select(fault => fault.ToString())]) => Faults = faults;

    /// <summary>Every error of every definition.</summary>
    public new IReadOnlyList<DefinitionFault> Faults { get; }
}
