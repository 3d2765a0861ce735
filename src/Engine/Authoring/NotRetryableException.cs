namespace GopherFlow.Authoring;

/// <summary>
/// Thrown by a state function when running it again cannot help. The workflow becomes FAILED at once, whatever its retry policy.
/// </summary>
public class NotRetryableException : Exception
{
    /// <summary>Without a reason.</summary>
    public NotRetryableException() { }

    /// <summary>With the reason that the history will show.</summary>
    public NotRetryableException(string message)
        : base(message) { }

    /// <summary>With the reason that the history will show, and what caused it.</summary>
    public NotRetryableException(string message, Exception inner)
        : base(message, inner) { }
}
