namespace GopherFlow.Execution;

/// <summary>Too many creates are waiting, so another one was refused. Nothing is stored, and the create can be retried later.</summary>
public sealed class OverloadedException : Exception
{
    internal OverloadedException(int limit)
        : base($"{limit} workflows are waiting to be created, which is the limit (GFLOW_ENGINE_CREATE_QUEUE).") { }
}
