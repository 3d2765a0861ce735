using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Engine.Tests.Webhooks;

/// <summary>Receivers come from settings, and a definition can only name configured ones.</summary>
public sealed class WebhookSettingsTests
{
    private const string First = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw";
    private const string Second = "whsec_MTExMTExMTExMTExMTExMTExMTExMTEx";

    [Fact]
    public void Each_name_has_an_address_and_one_or_two_secrets()
    {
        var settings = Reader(
            "shop=https://shop.example/hooks?a=1\n  night-desk=http://10.0.0.4:8080/",
            $"shop={First} night-desk={First} night-desk={Second}",
            "5s"
        );

        var targets = WebhookSettings.Read(settings);

        Assert.Empty(settings.Faults);
        Assert.Equal(TimeSpan.FromSeconds(5), targets.Timeout);
        Assert.Equal("https://shop.example/hooks?a=1", targets.Find("shop")!.Url.ToString());
        Assert.Equal(2, targets.Find("night-desk")!.Secrets.Count);
        Assert.Null(targets.Find("Shop"));
    }

    [Theory]
    [InlineData(
        "shop=https://shop.example",
        null,
        "GFLOW_WEBHOOK_SECRETS has no secret for 'shop'; expected shop=whsec_ and "
    )]
    [InlineData(
        null,
        $"shop={First}",
        "GFLOW_WEBHOOK_SECRETS names 'shop', for which GFLOW_WEBHOOK_URLS has no address."
    )]
    [InlineData(
        "shop=ftp://shop.example",
        $"shop={First}",
        "GFLOW_WEBHOOK_URLS has no valid address for 'shop'; expected http:// "
    )]
    [InlineData(
        "shop=https://ann:pw@shop.example",
        $"shop={First}",
        "GFLOW_WEBHOOK_URLS has no valid address for 'shop'; "
    )]
    [InlineData(
        "https://shop.example",
        $"shop={First}",
        "GFLOW_WEBHOOK_URLS has a word that is not of the form name=value; "
    )]
    [InlineData("shop=http://a shop=http://b", $"shop={First}", "GFLOW_WEBHOOK_URLS names 'shop' twice; ")]
    [InlineData("shop=http://a", "shop=hunter2hunter2", "GFLOW_WEBHOOK_SECRETS has no valid secret for 'shop'; ")]
    [InlineData(
        "shop=http://a",
        $"shop={First} shop={First} shop={Second}",
        "GFLOW_WEBHOOK_SECRETS has 3 secrets for 'shop'; "
    )]
    public void An_error_names_the_setting_and_shows_no_secret(string? urls, string? secrets, string fault)
    {
        var settings = Reader(urls, secrets, timeout: null);

        WebhookSettings.Read(settings);

        Assert.Contains(settings.Faults, told => told.StartsWith(fault, StringComparison.Ordinal));
        Assert.All(settings.Faults, told => Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal));
        Assert.All(settings.Faults, told => Assert.DoesNotContain(First, told, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unconfigured_webhook_prevents_startup()
    {
        var fault = Assert.Throws<InvalidDefinitionException>(() =>
            Register(new EngineOptions(), "desk=http://a", $"desk={First}")
        );

        Assert.Equal(
            "Told: names the webhook 'shop', which this process does not know; expected one of desk, or a further one in "
                + "GFLOW_WEBHOOK_URLS and GFLOW_WEBHOOK_SECRETS",
            Assert.Single(fault.Faults).ToString()
        );
    }

    [Fact]
    public void A_process_that_runs_no_workflows_needs_no_webhook_settings() =>
        Assert.False(Register(new EngineOptions { IsEnabled = false }, null, null).TryFind("WebhookDelivery", out _));

    [Fact]
    public void The_delivery_definition_has_a_version_for_each_webhook() =>
        Assert.Equal(
            ["desk", "shop"],
            Register(new EngineOptions(), "shop=http://a desk=http://b", $"shop={First} desk={First}")
                .Runnable.Where(key => key.Name == "WebhookDelivery")
                .Select(key => key.Version)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void A_definition_names_a_webhook_once_and_with_an_end()
    {
        var faults = DefinitionValidation.Validate(
            Machine().Webhook("shop").Webhook("shop").Webhook("none", WorkflowEnds.None).Draft()
        );

        Assert.Equal(
            [
                "Told: has a webhook 'none' that is called for no ending; expected Finished, Failed or Cancelled",
                "Told: names the webhook 'shop' 2 times; name it once, with all of its endings",
            ],
            faults.Select(fault => fault.ToString())
        );
    }

    [Fact]
    public void Attributes_of_a_class_name_webhooks()
    {
        var (definition, faults) = WorkflowClassReader.Read(typeof(ToldWorkflow));

        Assert.Empty(faults);
        Assert.Equal(
            [new Webhook("alarm") { On = WorkflowEnds.Failed }, new Webhook("shop")],
            definition.Webhooks.OrderBy(webhook => webhook.Name)
        );
    }

    [Fact]
    public void The_stored_definition_includes_the_webhooks()
    {
        var definition = Machine()
            .Webhook("shop")
            .Webhook("alarm", WorkflowEnds.Failed | WorkflowEnds.Cancelled)
            .Build();

        var shape = DefinitionShape.Parse(DefinitionShape.Of(definition).ToJson());

        Assert.Equal(definition.Webhooks, WebhookShape.WebhooksOf(shape.Webhooks));
        Assert.Null(DefinitionShape.Of(Machine().Build()).Webhooks);
    }

    private static WorkflowDefinitionBuilder Machine() =>
        WorkflowDefinitionBuilder.Named("Told").Start("Go", _ => NextState.GoTo("Done"), ["Done"]).End("Done");

    private static DefinitionRegistry Register(EngineOptions options, string? urls, string? secrets)
    {
        var flow = new GopherFlowRegistration();
        flow.UseInMemory().AddDefinition(Machine().Webhook("shop").Build());
        flow.ReadSettings(Reader(urls, secrets, timeout: null));
        var services = new ServiceCollection();
        services.AddGopherFlowEngine(options, flow);
        return (DefinitionRegistry)
            services.Single(service => service.ServiceType == typeof(DefinitionRegistry)).ImplementationInstance!;
    }

    private static SettingsReader Reader(string? urls, string? secrets, string? timeout) =>
        new(name =>
            name switch
            {
                "GFLOW_WEBHOOK_URLS" => urls,
                "GFLOW_WEBHOOK_SECRETS" => secrets,
                "GFLOW_WEBHOOK_TIMEOUT" => timeout,
                _ => null,
            }
        );

    [Webhook("shop"), Webhook("alarm", On = WorkflowEnds.Failed)]
    private sealed class ToldWorkflow : Workflow
    {
        [Start, GoesTo(Done)]
        public NextState Go() => GoTo(Done);

        [End]
        public const string Done = "Done";
    }
}
