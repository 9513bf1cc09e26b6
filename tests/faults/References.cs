namespace Involute.Faults;

/// <summary>Thetas of undisturbed runs in one process, each computed once.</summary>
internal sealed class References(Options options, string folder)
{
    private readonly Dictionary<string, string> _thetas = [];

    /// <summary>Theta's hash at the end of a job.</summary>
    public async Task<string> ThetaAsync(Job job)
    {
        var run = $"reference-{job.Name}-{job.Steps}";
        if (!_thetas.TryGetValue(run, out var theta))
        {
            await using var lab = new Lab(options, folder, job);
            var (code, output) = await lab.RunAsync(lab.Begin("train", run));
            Lab.Require(code == 0, $"the reference run ended with {code}: {output}");
            theta = await lab.ThetaAsync(run);
            _thetas.Add(run, theta);
        }

        return theta;
    }
}
