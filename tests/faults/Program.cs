using Involute.Faults;

// Each scenario trains the same settings in real processes, disturbs them, and must end with the theta of an undisturbed run
// in one process; 'verify --replay' must find nothing. The moments are random and follow from the seed; what they meet does
// not, so that a soak finds more.
if (Options.Parse(args) is not { } options)
{
    return 2;
}

var folder = Directory.CreateTempSubdirectory("involute-faults-").FullName;
var lab = new Lab(options, folder);
var report = new FaultReport(Console.Out);
Console.WriteLine($"seed {options.Seed}, {options.Steps} outer steps, {options.Kills} kills; runs in {folder}");
var start = TimeProvider.System.GetTimestamp();
var (code, output) = await lab.RunAsync(lab.Begin("train", "reference"));
if (code != 0)
{
    Console.Error.WriteLine($"faults: the reference run ended with {code}: {output}");
    return 1;
}

var expected = await lab.ThetaAsync("reference");
report.Begin(expected, TimeProvider.System.GetElapsedTime(start));
var scenarios = Scenario.All.Where(scenario => options.Only.Count == 0 || options.Only.Contains(scenario.Name)).ToList();
var round = 0;
do
{
    for (var i = 0; i < scenarios.Count; i++)
    {
        var run = $"{scenarios[i].Name}-{round}";
        await report.AddAsync(scenarios[i], async () =>
        {
            var measured = await scenarios[i].RunAsync(lab, run, new Chance(options.Seed + round, i));
            var theta = await lab.ThetaAsync(run);
            Lab.Require(theta == expected, $"theta {theta}, the reference's is {expected}");
            await lab.VerifyAsync(run);
            return measured;
        });
    }

    round++;
}
while (TimeProvider.System.GetElapsedTime(start) < options.Soak);

if (report.Failures == 0 && !options.Keep)
{
    Directory.Delete(folder, recursive: true);
}

return report.End(folder);
