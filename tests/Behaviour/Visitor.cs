namespace GopherFlow.Behaviour;

/// <summary>A service that counts how often it was asked within its scope.</summary>
public sealed class Visitor
{
    private int times;

    /// <summary>A greeting, and which one of the scope it is.</summary>
    public string Greet(string whom) => $"hello {whom}, {++times} times";
}
