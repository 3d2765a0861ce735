using System.Globalization;
using GopherFlow.Settings;

namespace GopherFlow.Demo;

/// <summary>What can be set about the demos. Workflows get it by constructor injection.</summary>
/// <param name="Speed">What every wait of the demos is divided by. Retry delays stay as they are.</param>
/// <param name="IpUrl">Where <see cref="GetIpWorkflow"/> asks for the public address of this machine.</param>
public sealed record DemoSettings(double Speed, Uri IpUrl)
{
    /// <summary>Speed 1, and http://ifconfig.io.</summary>
    public static DemoSettings Default { get; } = new(1, new Uri("http://ifconfig.io"));

    /// <summary>How long a wait takes at this speed.</summary>
    public TimeSpan Scaled(TimeSpan wait) => wait / Speed;

    /// <summary>Reads GFLOW_DEMO_SPEED and GFLOW_DEMO_IP_URL; faults gather in the reader.</summary>
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
