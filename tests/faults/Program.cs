using Involute.Faults;

// Each scenario trains a job in real processes, disturbs them, and must end with the theta of an undisturbed run in one
// process; 'verify --replay' must find nothing. The seed decides the random moments, but not what the processes do at
// these moments, so that a soak finds more.
if (Options.Parse(args) is not { } options)
{
    return 2;
}

var folder = Directory.CreateTempSubdirectory("involute-faults-").FullName;
var report = new FaultReport(Console.Out);
var references = new References(options, folder);
Console.WriteLine($"seed {options.Seed}, {options.Steps} outer steps, {options.Kills} kills; runs in {folder}");
var start = TimeProvider.System.GetTimestamp();
try
{
    var theta = await references.ThetaAsync(Job.Usual(options));
    report.Begin(theta, TimeProvider.System.GetElapsedTime(start));
}
catch (FaultException fault)
{
    Console.Error.WriteLine($"faults: {fault.Message}");
    return 1;
}

var scenarios =
    Scenario.All.Where(scenario => options.Only.Contains(scenario.Name) || (options.Only.Count == 0 && !scenario.OnRequest))
        .ToList();
var round = 0;
do
{
    foreach (var scenario in scenarios)
    {
        if (scenario.Lack() is { } lack)
        {
            report.AddSkipped(scenario, lack);
        }
        else if (TimeProvider.System.GetElapsedTime(start) + scenario.Typical > options.Limit)
        {
            report.AddNotRun(scenario);
        }
        else
        {
            await RunAsync(scenario, $"{scenario.Name}-{round}", new Chance(options.Seed + round, scenario.Number));
        }
    }

    round++;
}
while (TimeProvider.System.GetElapsedTime(start) < options.Soak);

if (!report.HasFailures && !options.Keep)
{
    Directory.Delete(folder, recursive: true);
}

return report.End(folder);

async Task RunAsync(Scenario scenario, string run, Chance chance)
{
    await using var lab = new Lab(options, folder, scenario.Job(options, folder));
    await report.AddAsync(scenario, lab, async () =>
    {
        var measured = await scenario.RunAsync(lab, run, chance);
        var (theta, expected) = (await lab.ThetaAsync(run), await references.ThetaAsync(lab.Job));
        Lab.Require(theta == expected, $"theta {theta}, the reference's is {expected}");
        await lab.VerifyAsync(run);
        return measured;
    });
}
