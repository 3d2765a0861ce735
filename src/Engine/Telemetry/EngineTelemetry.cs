namespace GopherFlow.Telemetry;

/// <summary>By what an application subscribes to the measurements and the spans of the engine.</summary>
public static class EngineTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "GopherFlow";
}
