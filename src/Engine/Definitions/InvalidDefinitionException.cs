namespace GopherFlow.Definitions;

/// <summary>Definitions that cannot run. It stops the host at start and lists every fault of every definition.</summary>
public sealed class InvalidDefinitionException : Settings.SetupException
{
    /// <summary>With the faults found.</summary>
    public InvalidDefinitionException(IReadOnlyList<DefinitionFault> faults)
        : base("workflow definitions", [.. faults.Select(fault => fault.ToString())]) => Faults = faults;

    /// <summary>Every fault of every definition.</summary>
    public new IReadOnlyList<DefinitionFault> Faults { get; }
}
