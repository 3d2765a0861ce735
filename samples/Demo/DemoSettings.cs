using System.Globalization;
using GopherFlow.Settings;

namespace GopherFlow.Demo;

/// <summary>The settings of the demos. Workflows get them by constructor injection.</summary>
/// <param name="Speed">The divisor for every wait of the demos. It does not apply to retry delays.</param>
/// <param name="IpUrl">The web service that <see cref="GetIpWorkflow"/> asks for the public address of this machine.</param>
public sealed record DemoSettings(double Speed, Uri IpUrl)
{
    /// <summary>The defaults: speed 1 and http://ifconfig.io.</summary>
    public static DemoSettings Default { get; } = new(1, new Uri("http://ifconfig.io"));

    /// <summary>The duration of a wait at this speed.</summary>
    public TimeSpan Scaled(TimeSpan wait) => wait / Speed;

    /// <summary>Reads GFLOW_DEMO_SPEED and GFLOW_DEMO_IP_URL. Invalid values are collected in the reader.</summary>
    public static DemoSettings Read(SettingsReader settings) => new(ReadSpeed(settings), ReadIpUrl(settings));

    private static double ReadSpeed(SettingsReader settings)
    {
        const string name = "GFLOW_DEMO_SPEED";
        if (settings.OptionalText(name) is not { } text)
        {
            return Default.Speed;
        }

        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed);
        return isNumber && speed is >= 0.01 and <= 10_000
            ? speed
            : settings.Fault(name, text, "a number from 0.01 to 10000", Default.Speed);
    }

    private static Uri ReadIpUrl(SettingsReader settings)
    {
        const string name = "GFLOW_DEMO_IP_URL";
        if (settings.OptionalText(name) is not { } text)
        {
            return Default.IpUrl;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : settings.Fault(name, text, "an http or https address, such as http://ifconfig.io", Default.IpUrl);
    }
}
