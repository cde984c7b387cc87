package report

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var colours = map[pmpsmart.OrderStatus]color.Color{
	pmpsmart.OrderComplete: green, pmpsmart.OrderPending: orange, pmpsmart.OrderOpen: blue, pmpsmart.OrderCancel: vermillion,
}

// otherColours are those of statuses that the vendor does not document. Where
// there are more, the rest is grey.
var otherColours = []color.Color{purple, sky, yellow}

// drawOrders draws a bar for each period, its statuses one on the other.
func drawOrders(c *orderCounts) picture {
	periods := c.periods()
	p := newPicture("Orders by "+string(c.by)+" and status", xLabel(c.by, periods), "Orders")
	p.plot.Y.Min, p.plot.Y.Max, p.plot.X.Min, p.plot.X.Max = 0, 1, -1, 1
	p.plot.Y.Tick.Marker = wholeTicks{}
	p.plot.X.Tick.Marker = plot.ConstantTicks(periodTicks(c.by, periods))
	p.plot.Add(horizontalGrid())
	p.plot.Legend.Top = true
	if len(periods) == 0 {
		return p
	}
	layers := stack(c, periods, barWidth(p.width, len(periods)))
	for i, bars := range layers {
		p.plot.Add(bars)
		top := len(layers) - 1 - i // the legend's order is the stack's
		p.plot.Legend.Add(shorten(nameOf(c.statuses[top]))+"  ", layers[top])
	}
	p.plot.X.Min, p.plot.X.Max = -0.75, float64(len(periods))-0.25
	p.plot.Y.Max *= 1 + 0.06*float64(len(layers)+1) // room for the legend
	return p
}

// stack gives the bars of each status, one on the other.
func stack(c *orderCounts, periods []pmpsmart.Date, width vg.Length) []*plotter.BarChart {
	layers := make([]*plotter.BarChart, len(c.statuses))
	others := otherColours
	for i, status := range c.statuses {
		heights := make(plotter.Values, len(periods))
		for j, start := range periods {
			heights[j] = float64(c.counts[start][status])
		}
		bars, _ := plotter.NewBarChart(heights, width) // fails for no values alone
		bars.Color, bars.LineStyle.Width = grey, 0
		if known, ok := colours[status]; ok {
			bars.Color = known
		} else if len(others) > 0 {
			bars.Color, others = others[0], others[1:]
		}
		if i > 0 {
			bars.StackOn(layers[i-1])
		}
		layers[i] = bars
	}
	return layers
}

// barWidth leaves a gap between n bars.
func barWidth(picture vg.Length, n int) vg.Length {
	return min(0.75*(picture-3*vg.Centimeter)/vg.Length(n), 2*vg.Centimeter)
}

func xLabel(by period, periods []pmpsmart.Date) string {
	if len(periods) == 0 {
		return "no orders"
	}
	first, last := periods[0].Time(nil), periods[len(periods)-1].Time(nil)
	what := map[period]string{day: "Day of the order", week: "Week of the order, by its Monday", month: "Month of the order"}[by]
	return fmt.Sprintf("%s, %s to %s", what, first.Format("2 January 2006"), last.Format("2 January 2006"))
}

// periodTicks name as many periods as there is room for.
func periodTicks(by period, periods []pmpsmart.Date) []plot.Tick {
	const most = 16
	layout := "2 Jan"
	if by == month {
		layout = "Jan 2006"
	}
	every := (len(periods) + most - 1) / most
	ticks := []plot.Tick{}
	for i, start := range periods {
		tick := plot.Tick{Value: float64(i)}
		if i%every == 0 {
			tick.Label = start.Time(nil).Format(layout)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// mostPeople are drawn; the others are in the table.
const mostPeople = 30

// drawVisits draws a bar for each salesperson, the busiest on top.
func drawVisits(visits []visitCount) picture {
	people, who := slices.Clone(visits), "Salesperson"
	if len(people) > mostPeople {
		people, who = people[:mostPeople], fmt.Sprintf("Salesperson, the %d busiest of %d", mostPeople, len(visits))
	}
	p := newPicture("Visits by salesperson", "Visits", who)
	p.height = 4*vg.Centimeter + vg.Length(len(people))*0.7*vg.Centimeter
	p.plot.X.Min, p.plot.X.Max, p.plot.Y.Min, p.plot.Y.Max = 0, 1, -1, 1
	p.plot.X.Tick.Marker = wholeTicks{}
	p.plot.Y.Tick.Marker = plot.ConstantTicks{}
	if len(people) == 0 {
		return p
	}
	slices.Reverse(people) // the axis counts from below
	lengths := make(plotter.Values, len(people))
	names := make([]string, len(people))
	labels := plotter.XYLabels{}
	for i, v := range people {
		lengths[i], names[i] = float64(v.Visits), shorten(v.Name)
		labels.XYs = append(labels.XYs, plotter.XY{X: lengths[i], Y: float64(i)})
		labels.Labels = append(labels.Labels, tool.Number(v.Visits).String())
	}
	p.plot.NominalY(names...)
	p.plot.Y.Padding = 3 * vg.Millimeter
	bars, _ := plotter.NewBarChart(lengths, 0.45*vg.Centimeter) // fails for no values alone
	bars.Horizontal, bars.Color, bars.LineStyle.Width = true, blue, 0
	numbers, _ := plotter.NewLabels(labels) // fails for lists of unequal length alone
	for i := range numbers.TextStyle {
		numbers.TextStyle[i].Font = sans(10)
		numbers.TextStyle[i].YAlign = draw.YCenter
	}
	numbers.Offset = vg.Point{X: 1.5 * vg.Millimeter, Y: 0.5 * vg.Millimeter}
	p.plot.Add(verticalGrid(), bars, numbers)
	p.plot.X.Max = max(1, p.plot.X.Max) * 1.05 // room for the numbers
	p.plot.Y.Min, p.plot.Y.Max = -0.6, float64(len(people))-0.4
	return p
}

// horizontalGrid helps the eye along the heights of bars.
func horizontalGrid() *plotter.Grid {
	grid := plotter.NewGrid()
	grid.Vertical.Width, grid.Horizontal.Color = 0, paleGrey
	return grid
}

func verticalGrid() *plotter.Grid {
	grid := plotter.NewGrid()
	grid.Horizontal.Width, grid.Vertical.Color = 0, paleGrey
	return grid
}
