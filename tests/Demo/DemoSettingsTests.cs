using GopherFlow.Settings;

namespace GopherFlow.Demo.Tests;

public class DemoSettingsTests
{
    [Fact]
    public void Without_settings_the_demos_wait_as_long_as_they_say()
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
    public void A_value_that_cannot_be_used_is_a_fault_that_names_it(string name, string value)
    {
        var reader = new SettingsReader(asked => asked == name ? value : null);
        DemoSettings.Read(reader);

        var fault = Assert.Single(reader.Faults);
        Assert.StartsWith($"{name} is '{value}'; expected ", fault, StringComparison.Ordinal);
    }
}
