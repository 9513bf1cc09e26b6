using Involute.Runs.Folders;

namespace Involute.Host.Commands;

/// <summary>A run that has done steps, by its status.json, and whose ledger knows of none.</summary>
internal static class LostLedger
{
    /// <summary>Refuses such a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="place">Where its ledger should be.</param>
    /// <param name="lastStep">The last step in its ledger; 0 if none.</param>
    public static void Refuse(RunFolder folder, string place, long lastStep)
    {
        if (lastStep == 0 && folder.ReadStatus() is { OuterStep: > 0 } record)
        {
            throw new CommandException(
                ExitCode.Data,
                $"{place}: the ledger is gone, and status.json tells of {record.OuterStep} outer steps; restore it, or begin another run");
        }
    }
}
