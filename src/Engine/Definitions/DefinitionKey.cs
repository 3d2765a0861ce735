namespace GopherFlow.Definitions;

/// <summary>Identifies one version of a definition.</summary>
/// <param name="Name">The name of the definition.</param>
/// <param name="Version">The version.</param>
public readonly record struct DefinitionKey(string Name, string Version)
{
    /// <summary>The name and version, as shown in logs and error messages.</summary>
    public override string ToString() => $"{Name} version {Version}";
}
