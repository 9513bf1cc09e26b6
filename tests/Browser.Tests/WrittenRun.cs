using System.Globalization;
using System.Text;
using Involute.Runs.Folders;

namespace Involute.Browser.Tests;

/// <summary>A run's folder as a learner would have written it, row by row.</summary>
internal sealed class WrittenRun
{
    private readonly RunFolder _folder;
    private int _step;

    public WrittenRun(string runs, string name, string? task = null)
    {
        _folder = RunFolder.Create(
            runs, name,
            $$"""
            involute {
              outer-steps = 600
              task { name = "{{task ?? "quadratic"}}" }
              optimizer { name = adam }
              estimator { name = persistent-es }
              store { name = sqlite }
            }

            """);
        File.WriteAllText(
            _folder.Metrics, "outer_step,mean_meta_loss,gradient_norm,inner_steps,total_inner_steps,resets,diverged_arms,theta/log_lr\n");
        File.WriteAllText(
            _folder.Progress,
            "outer_step,time,elapsed_seconds,steps,outer_steps_per_second,inner_steps_per_second,total_inner_steps,signal_to_noise\n");
        File.WriteAllText(_folder.Pairs, "outer_step,pair,inner_step_before,inner_step_after,mean_loss,resets\n");
        File.WriteAllText(
            _folder.NodeTimes, "outer_step,time,node,threads,pair_windows,compute_seconds,share,busy,seconds_per_window\n");
        _folder.WriteStatus(new RunStatusFile(RunStatusFile.Interrupted, 0));
    }

    public RunFolder Folder => _folder;

    /// <summary>Appends the rows of some outer steps.</summary>
    public WrittenRun Steps(int steps)
    {
        var (metrics, progress, pairs, nodes) = (new StringBuilder(), new StringBuilder(), new StringBuilder(), new StringBuilder());
        for (var end = _step + steps; _step < end;)
        {
            _step++;
            var loss = 0.5 + (2.0 / _step);
            metrics.Append(
                CultureInfo.InvariantCulture,
                $"{_step},{loss},{loss / 5},100,{_step * 100},0,0,{-7 + (_step * 0.001)}\n");
            progress.Append(
                CultureInfo.InvariantCulture,
                $"{_step},2026-11-28T08:00:00.000Z,{_step * 0.1},1,10,1000,{_step * 100},{1.5 + loss}\n");
            for (var pair = 0; pair < 8; pair++)
            {
                pairs.Append(
                    CultureInfo.InvariantCulture, $"{_step},{pair},0,{(_step + (13 * pair)) % 40 * 50},{loss},0\n");
            }

            nodes.Append(CultureInfo.InvariantCulture, $"{_step},2026-11-28T08:00:00.000Z,127.0.0.1:4001,2,8,0.1,0.6,0.9,0.01\n");
            nodes.Append(CultureInfo.InvariantCulture, $"{_step},2026-11-28T08:00:00.000Z,127.0.0.1:4002,2,8,0.1,0.4,0.9,0.01\n");
        }

        File.AppendAllText(_folder.Metrics, metrics.ToString());
        File.AppendAllText(_folder.Progress, progress.ToString());
        File.AppendAllText(_folder.Pairs, pairs.ToString());
        File.AppendAllText(_folder.NodeTimes, nodes.ToString());
        return this;
    }
}
