namespace GopherFlow.Definitions;

/// <summary>Names one version of one definition.</summary>
/// <param name="Name">The name of the definition.</param>
/// <param name="Version">The version.</param>
public readonly record struct DefinitionKey(string Name, string Version)
{
    /// <summary>The name and the version, as logs and error texts show them.</summary>
    public override string ToString() => $"{Name} version {Version}";
}
