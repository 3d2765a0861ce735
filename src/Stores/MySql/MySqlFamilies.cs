using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>What a child's commit, or a change of it by hand, does to its parent.</summary>
internal static class MySqlFamilies
{
    /// <summary>One open child less, or more; the last one makes a parent that awaits them due.</summary>
    public static void CountOpenChild(this MySqlDraft draft, long? parentId, int by)
    {
        if (draft.Find(parentId) is not { } parent)
        {
            return;
        }

        var after = parent.Record with { OpenChildren = parent.Record.OpenChildren + by };
        if (after is { AwaitsChildren: true, OpenChildren: 0 })
        {
            draft.Replace(
                parent,
                after with
                {
                    AwaitsChildren = false,
                    NextActivation = draft.Now,
                    Modified = draft.Now,
                },
                parent.Woken
            );
        }
        else
        {
            draft.Keep(parent with { Record = after });
        }
    }

    /// <summary>
    /// Makes the parent due. One that runs, or is paused, keeps the wake until it parks; one that awaits all its children is not
    /// disturbed.
    /// </summary>
    public static void WakeParent(this MySqlDraft draft, WorkflowRecord child, long executorId)
    {
        if (draft.Find(child.ParentWorkflowId) is not { } parent)
        {
            return;
        }

        draft.Log(parent.Record, executorId, new NewAction(ActionTypes.ChildWake, child.State, ActionTexts.ChildWake));
        switch (parent.Record)
        {
            case { Status: WorkflowStatus.InProgress, AwaitsChildren: false }:
                draft.Replace(
                    parent,
                    parent.Record with
                    {
                        NextActivation = draft.Now,
                        Modified = draft.Now,
                    },
                    parent.Woken
                );
                break;
            case { Status: WorkflowStatus.Executing or WorkflowStatus.Paused }:
                draft.Keep(parent with { Woken = true });
                break;
        }
    }
}
