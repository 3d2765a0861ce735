using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// Adds a delivery workflow for each webhook when a workflow ends. They are written in the same transaction.
/// </summary>
internal static class WebhookRule
{
    /// <summary>The name of the definition of deliveries. Its versions are the names of the webhooks.</summary>
    public const string DeliveryType = "WebhookDelivery";

    /// <summary>The state in which a delivery starts.</summary>
    public const string DeliveryState = "Deliver";

    /// <summary>The variable with the name of the webhook.</summary>
    public const string WebhookVariable = "webhook";

    /// <summary>The variable with the body to send.</summary>
    public const string EventVariable = "event";

    /// <summary>The reserved prefix of the external ids of deliveries.</summary>
    public const string ExternalIdPrefix = "webhook:";

    /// <summary>Adds the deliveries to a ruling if the event ends the workflow.</summary>
    public static Ruling Announce(WorkflowRecord before, WorkflowEvent happened, Ruling ruling, DateTimeOffset now)
    {
        if (happened.Webhooks.Count == 0 || ruling is not Ruling.Written written || !Ends(before, written.After))
        {
            return ruling;
        }

        var after = written.After;
        var end = EndOf(after.Status);
        return written with
        {
            Deliveries =
            [
                .. happened
                    .Webhooks.Where(webhook => webhook.On.HasFlag(end))
                    .Select(webhook => DeliveryOf(webhook, after, end, now)),
            ],
        };
    }

    /// <summary>Whether an event ends a workflow. A move by hand from one final state to another counts as a new end.</summary>
    private static bool Ends(WorkflowRecord before, WorkflowRecord after) =>
        after.Status.IsFinal() && (!before.Status.IsFinal() || after.Step != before.Step);

    private static WorkflowEnds EndOf(WorkflowStatus status) =>
        status switch
        {
            WorkflowStatus.Finished => WorkflowEnds.Finished,
            WorkflowStatus.Cancelled => WorkflowEnds.Cancelled,
            _ => WorkflowEnds.Failed,
        };

    private static NewWorkflow DeliveryOf(
        Webhook webhook,
        WorkflowRecord ended,
        WorkflowEnds end,
        DateTimeOffset now
    ) =>
        new()
        {
            ExternalId = ExternalIdOf(webhook, ended),
            WorkflowType = DeliveryType,
            Version = webhook.Name,
            BusinessKey = ended.BusinessKey,
            ExecutorGroup = ended.ExecutorGroup,
            Priority = ended.Priority,
            State = DeliveryState,
            StateVars = VariablesOf(webhook, ended, end),
            NextActivation = now,
            CreatedBy = $"workflow:{ended.Id}",
            TraceParent = ended.TraceParent,
        };

    /// <summary>
    /// The external id of a delivery. It is the same each time the same end and webhook are planned, and different for all others, even
    /// those of another database that sends to the same receiver.
    /// </summary>
    private static string ExternalIdOf(Webhook webhook, WorkflowRecord ended)
    {
        var end = $"{ended.Id}|{ended.Created:O}|{ended.Revision}|{webhook.Name}|{ended.ExternalId}";
        return ExternalIdPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(end)).AsSpan(0, 16));
    }

    private static string VariablesOf(Webhook webhook, WorkflowRecord ended, WorkflowEnds end)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(WebhookVariable, webhook.Name);
            json.WriteStartObject(EventVariable);
            json.WriteString("type", $"workflow.{end.ToString().ToLowerInvariant()}");
            json.WriteString("timestamp", ended.Modified);
            json.WriteStartObject("data");
            json.WriteNumber("id", ended.Id);
            json.WriteString("externalId", ended.ExternalId);
            json.WriteString("businessKey", ended.BusinessKey);
            json.WriteString("workflowType", ended.WorkflowType);
            json.WriteString("version", ended.Version);
            json.WriteString("state", ended.State);
            json.WriteString("status", ended.Status.ToName());
            json.WritePropertyName("output");
            json.WriteRawValue(ended.Output ?? "null");
            json.WriteString("created", ended.Created);
            WriteInstant(json, "started", ended.Started);
            WriteInstant(json, "finished", ended.Finished);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
