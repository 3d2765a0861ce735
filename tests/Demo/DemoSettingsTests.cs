using GopherFlow.Settings;

namespace GopherFlow.Demo.Tests;

public class DemoSettingsTests
{
    [Fact]
    public void Without_settings_the_demos_wait_in_real_time()
    {
        var settings = DemoSettings.Read(new SettingsReader(_ => null));

        Assert.Equal(TimeSpan.FromSeconds(300), settings.Scaled(TimeSpan.FromSeconds(300)));
        Assert.Equal(new Uri("http://ifconfig.io"), settings.IpUrl);
    }

    [Fact]
    public void The_speed_divides_waits()
    {
        var settings = DemoSettings.Read(new SettingsReader(name => name == "GFLOW_DEMO_SPEED" ? "60" : null));

        Assert.Equal(TimeSpan.FromSeconds(5), settings.Scaled(TimeSpan.FromSeconds(300)));
    }

    [Theory]
    [InlineData("GFLOW_DEMO_SPEED", "0")]
    [InlineData("GFLOW_DEMO_SPEED", "-1")]
    [InlineData("GFLOW_DEMO_SPEED", "NaN")]
    [InlineData("GFLOW_DEMO_SPEED", "fast")]
    [InlineData("GFLOW_DEMO_SPEED", "1e300")]
    [InlineData("GFLOW_DEMO_IP_URL", "ifconfig.io")]
    [InlineData("GFLOW_DEMO_IP_URL", "ftp://ifconfig.io")]
    public void An_invalid_value_is_reported_with_its_setting(string name, string value)
    {
        var reader = new SettingsReader(setting => setting == name ? value : null);
        DemoSettings.Read(reader);

        var fault = Assert.Single(reader.Faults);
        Assert.StartsWith($"{name} is '{value}'; expected ", fault, StringComparison.Ordinal);
    }
}
