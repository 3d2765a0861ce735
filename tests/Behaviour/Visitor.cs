namespace GopherFlow.Behaviour;

/// <summary>A service that counts its calls within its scope.</summary>
public sealed class Visitor
{
    private int times;

    /// <summary>Returns a greeting with the number of calls in the scope.</summary>
    public string Greet(string whom) => $"hello {whom}, {++times} times";
}
