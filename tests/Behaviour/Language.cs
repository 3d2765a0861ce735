namespace GopherFlow.Behaviour;

/// <summary>What the definitions of a scenario are written in.</summary>
public enum Language
{
    /// <summary>Classes and builders.</summary>
    CSharp,

    /// <summary>Scripts.</summary>
    FSharp,
}
