namespace GopherFlow.Execution;

/// <summary>So many creates wait already that another one is refused. Nothing of it is stored; it may be tried again later.</summary>
public sealed class OverloadedException : Exception
{
    internal OverloadedException(int limit)
        : base($"{limit} workflows wait to be created already, which is the limit (GFLOW_ENGINE_CREATE_QUEUE).") { }
}
