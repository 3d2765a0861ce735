namespace GopherFlow.Authoring;

/// <summary>
/// Throw this from a state function when a retry cannot help. The workflow becomes FAILED at once, regardless of its retry policy.
/// </summary>
public class NotRetryableException : Exception
{
    /// <summary>Creates the exception without a reason.</summary>
    public NotRetryableException() { }

    /// <summary>Creates the exception with the reason that the history shows.</summary>
    public NotRetryableException(string message)
        : base(message) { }

    /// <summary>Creates the exception with the reason that the history shows, and its cause.</summary>
    public NotRetryableException(string message, Exception inner)
        : base(message, inner) { }
}
