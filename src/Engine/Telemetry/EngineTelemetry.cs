namespace GopherFlow.Telemetry;

/// <summary>The name under which an application subscribes to the metrics and traces of the engine.</summary>
public static class EngineTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "GopherFlow";
}
