namespace GopherFlow.Behaviour;

/// <summary>The language of the definitions of a scenario.</summary>
public enum Language
{
    /// <summary>Classes and builders.</summary>
    CSharp,

    /// <summary>Scripts.</summary>
    FSharp,
}
