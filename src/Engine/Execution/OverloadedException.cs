namespace GopherFlow.Execution;

/// <summary>Too many creates are waiting, so another one was refused. Nothing of it is stored; it may be tried again later.</summary>
public sealed class OverloadedException : Exception
{
    internal OverloadedException(int limit)
        : base($"{limit} workflows wait to be created already, which is the limit (GFLOW_ENGINE_CREATE_QUEUE).") { }
}
