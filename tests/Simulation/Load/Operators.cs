using GopherFlow.Operations;
using GopherFlow.Operations.Jobs;

namespace GopherFlow.Simulation;

/// <summary>Cancels, pauses, resumes, retries, runs again, places and deletes workflows, and records what was acknowledged.</summary>
internal sealed class Operators(SimulatedWorld world, Callers callers, Workload workload)
{
    private const string Elsewhere = "elsewhere";

    /// <summary>Workflows whose deletion was acknowledged.</summary>
    public List<long> Deleted { get; } = [];

    /// <summary>
    /// Cancels a random workflow. A reporter is never cancelled, because its parent waits for its report. For the same reason only
    /// families are cancelled with their children.
    /// </summary>
    public void Cancel(Node node)
    {
        if (callers.Anyone() is not { } workflow || workflow.WorkflowType == Workload.Reporter)
        {
            return;
        }

        var withChildren = workflow.WorkflowType == Workload.Family && world.Chance.Hit(0.5);
        Tell(workflow, withChildren ? "cancels with children" : "cancels");
        node.Intervene(async interventions =>
        {
            var result = await interventions.CancelAsync(
                new CancelWorkflow
                {
                    WorkflowId = workflow.Id,
                    Children = withChildren,
                    Actor = "somebody",
                }
            );
            if (
                result.Workflow.Verdict == OperationVerdict.Changed
                && workload.Course.EndedBy(node.Lane, workflow.Id) is { } claim
            )
            {
                workload.Functions.Cancelled(node.Lane, claim);
            }
        });
    }

    public void Pause(Node node)
    {
        if (callers.Anyone() is { } workflow)
        {
            Tell(workflow, "pauses");
            node.Intervene(interventions => interventions.PauseAsync(workflow.Id, "somebody"));
        }
    }

    public void Resume(Node node)
    {
        if (Paused() is { Count: > 0 } paused)
        {
            Resume(node, world.Chance.One(paused));
        }
    }

    /// <summary>Resumes all paused workflows.</summary>
    public void ResumeAll(Node node)
    {
        foreach (var workflow in Paused())
        {
            Resume(node, workflow);
        }
    }

    /// <summary>Retries a workflow, mostly one that waits for its next attempt or has failed.</summary>
    public void Retry(Node node)
    {
        var failing = callers
            .All()
            .Where(each => each.RetryCount > 0 || each.Status is WorkflowStatus.Failed or WorkflowStatus.Error)
            .ToList();
        if ((failing.Count > 0 ? world.Chance.One(failing) : callers.Anyone()) is { } workflow)
        {
            Tell(workflow, "retries");
            node.Intervene(interventions => interventions.RetryAsync(workflow.Id, "somebody"));
        }
    }

    public void RunAgain(Node node)
    {
        if (callers.Anyone() is { } workflow && Workload.TargetsOf(workload.Find(workflow)) is { } targets)
        {
            var state = world.Chance.One([null, .. targets.Where(target => target.Runs).Select(target => target.Name)]);
            Tell(workflow, $"runs again from {state}");
            node.Intervene(interventions =>
                interventions.RunAgainAsync(
                    new RunWorkflowAgain
                    {
                        WorkflowId = workflow.Id,
                        State = state,
                        Actor = "somebody",
                    }
                )
            );
        }
    }

    /// <summary>Gives a random workflow another priority, and sometimes a group without executors.</summary>
    public void Place(Node node)
    {
        if (callers.Anyone() is { } workflow)
        {
            Place(node, workflow, world.Chance.Between(1, 9), world.Chance.Hit(0.3) ? Elsewhere : null);
        }
    }

    /// <summary>Moves all workflows in the group without executors back.</summary>
    public void PlaceBack(Node node)
    {
        foreach (var workflow in callers.All().Where(each => each.ExecutorGroup == Elsewhere && !each.Status.IsFinal()))
        {
            Place(node, workflow, null, "default");
        }
    }

    /// <summary>
    /// Deletes a final workflow, or tries to delete an unfinished one. Workflows that had children are kept: their external ids may be
    /// requested again, while those of their children exist.
    /// </summary>
    public void Delete(Node node)
    {
        var final = callers
            .All()
            .Where(each => each.WorkflowType is not (Workload.Family or Workload.Watch))
            .Where(each => each.Status.IsFinal() || world.Chance.Hit(0.1))
            .ToList();
        if (final.Count == 0)
        {
            return;
        }

        var workflow = world.Chance.One(final);
        Tell(workflow, "deletes");
        node.Intervene(async interventions =>
        {
            var result = await interventions.DeleteAsync(workflow.Id, "somebody");
            if (result.Verdict == OperationVerdict.Changed)
            {
                Deleted.Add(workflow.Id);
            }
        });
    }

    /// <summary>
    /// Starts a random job on many workflows. As for single workflows, reporters are not cancelled and families are not deleted.
    /// </summary>
    public void StartJob(Node node)
    {
        IReadOnlyList<string> types = world.Chance.Hit(0.3) ? [world.Chance.One(Workload.Roots)] : [];
        JobRequest request = world.Chance.Below(6) switch
        {
            0 => For(new JobOperation.Cancel(), [Workload.Errand, Workload.Parcel]),
            1 => For(new JobOperation.Pause(), types),
            2 => For(new JobOperation.Resume(), types),
            3 => For(new JobOperation.Retry(), types),
            4 => For(new JobOperation.Delete(), [Workload.Errand, Workload.Form, Workload.Tick]),
            _ => For(new JobOperation.Place(world.Chance.Between(1, 9)), types),
        };
        world.Trace.Add(world.Now, "person", $"starts a job: {request.Operation}");
        node.Job(jobs => jobs.StartAsync(request));
    }

    /// <summary>Cancels the newest job.</summary>
    public void CancelJob(Node node) =>
        node.Job(async jobs =>
        {
            if (await jobs.ListAsync(limit: 1) is [{ Ended: null } open])
            {
                await jobs.CancelAsync(open.Id);
            }
        });

    private static JobRequest For(JobOperation operation, IReadOnlyList<string> types) =>
        new()
        {
            Operation = operation,
            Filter = new WorkflowFilter { IdFrom = 1, WorkflowTypes = types },
            Actor = "somebody",
        };

    private List<WorkflowRecord> Paused() =>
        [.. callers.All().Where(each => each.Status == WorkflowStatus.Paused || each.PauseRequested)];

    private void Resume(Node node, WorkflowRecord workflow)
    {
        Tell(workflow, "resumes");
        node.Intervene(interventions => interventions.ResumeAsync(workflow.Id, "somebody"));
    }

    private void Place(Node node, WorkflowRecord workflow, int? priority, string? group)
    {
        Tell(workflow, $"places, priority {priority}, group {group}:");
        node.Intervene(interventions =>
            interventions.PlaceAsync(
                new PlaceWorkflow
                {
                    WorkflowId = workflow.Id,
                    Priority = priority,
                    ExecutorGroup = group,
                    Actor = "somebody",
                }
            )
        );
    }

    private void Tell(WorkflowRecord workflow, string what) =>
        world.Trace.Add(world.Now, "person", $"{what} {workflow.Id} in {workflow.State} {workflow.Status}");
}
