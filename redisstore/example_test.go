package redisstore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/redisstore"
	"github.com/redis/go-redis/v9"
)

// Programs on many machines share one login.
func Example() {
	rdb := redis.NewClient(&redis.Options{Addr: "redis.internal:6379"})
	defer rdb.Close()
	client, err := pmpsmart.New(
		pmpsmart.FromEnv(),
		pmpsmart.WithTokenStore(redisstore.New(rdb, redisstore.WithTTL(24*time.Hour))),
	)
	if err != nil {
		log.Fatal(err)
	}
	outlets, err := client.ListOutlets(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(outlets), "outlets")
}

// Programs on many machines ensure an order one after the other.
func ExampleNewLocker() {
	rdb := redis.NewClient(&redis.Options{Addr: "redis.internal:6379"})
	client, err := pmpsmart.New(
		pmpsmart.FromEnv(),
		pmpsmart.WithTokenStore(redisstore.New(rdb)),
		pmpsmart.WithLocker(redisstore.NewLocker(rdb)),
	)
	if err != nil {
		log.Fatal(err)
	}
	order, created, err := client.EnsureJSONOrder(context.Background(), pmpsmart.JSONOrderInput{
		Code: "PMP-3903001", Data: map[string]int{"outlet": 88}, Status: pmpsmart.JSONOrderCompleted,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.ID, created)
}
